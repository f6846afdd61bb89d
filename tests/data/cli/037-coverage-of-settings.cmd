beadle rules coverage --config $DATA/ours-settings.toml
