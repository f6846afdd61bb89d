mkdir mail; beadle replay --maildir mail --roster $DATA/roster.toml --rules $RULES --protocol exmouth
