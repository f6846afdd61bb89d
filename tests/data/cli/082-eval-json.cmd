beadle eval --json --rules $DATA/parish $DATA/parish/mail
