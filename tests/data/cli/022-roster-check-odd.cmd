beadle roster check $DATA/odd.toml
