beadle check --roster $DATA/roster.toml --rules $RULES --protocol exmouth --json --from clerk@harbridge.example --to ross@homemail.example --to ian.day@harbridge.example $DATA/pond.eml
