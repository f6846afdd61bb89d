beadle rules coverage --rules $DATA/parish
