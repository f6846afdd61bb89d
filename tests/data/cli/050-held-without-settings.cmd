beadle held list --config nowhere.toml
