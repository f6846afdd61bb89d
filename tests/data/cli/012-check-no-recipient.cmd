beadle check --roster $DATA/roster.toml --rules $RULES --protocol exmouth --from clerk@harbridge.example $DATA/pond.eml
