beadle rules check --rules $DATA/parish
