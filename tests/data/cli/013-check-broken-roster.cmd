beadle check --roster $DATA/broken.toml --rules $RULES --protocol exmouth --from clerk@harbridge.example --to a@b.example $DATA/pond.eml
