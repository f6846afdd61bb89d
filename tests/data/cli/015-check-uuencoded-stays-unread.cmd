beadle check --json --roster $DATA/roster.toml --rules $RULES --protocol exmouth --from clerk@harbridge.example --to ross@homemail.example $DATA/uu.eml
