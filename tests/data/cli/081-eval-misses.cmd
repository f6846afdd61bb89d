beadle eval --misses --rules $DATA/parish $DATA/parish/mail
