beadle eval --misses --rules $DATA/parish --own $DATA/ours.toml --protocol ours $DATA/parish/mail
