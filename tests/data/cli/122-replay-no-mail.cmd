beadle replay --roster $DATA/roster.toml --rules $RULES --protocol exmouth
