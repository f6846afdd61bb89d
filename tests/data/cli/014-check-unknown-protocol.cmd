beadle check --roster $DATA/roster.toml --rules $RULES --protocol exmoth --from clerk@harbridge.example --to a@b.example $DATA/pond.eml
