beadle eval --rules $DATA/parish $DATA/parish/mail
