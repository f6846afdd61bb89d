beadle roster check $DATA/broken.toml
