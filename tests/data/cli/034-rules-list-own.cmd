beadle rules list --rules $DATA/parish --own $DATA/ours.toml --protocol ours
