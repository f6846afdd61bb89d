beadle roster check nowhere.toml
