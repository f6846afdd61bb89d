beadle rules check --rules $DATA/parish --own $DATA/ours-broken.toml
