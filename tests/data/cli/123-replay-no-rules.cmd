mkdir mail; beadle replay --maildir mail
