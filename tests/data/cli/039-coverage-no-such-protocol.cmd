beadle rules coverage --rules $DATA/parish --protocol paris
