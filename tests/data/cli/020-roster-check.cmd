beadle roster check $DATA/roster.toml
