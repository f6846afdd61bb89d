beadle due --at yesterday
