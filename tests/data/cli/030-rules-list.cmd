beadle rules list --rules $DATA/parish --protocol parish
