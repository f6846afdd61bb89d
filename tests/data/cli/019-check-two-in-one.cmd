beadle check --roster $DATA/roster.toml --rules $RULES --protocol exmouth --from clerk@harbridge.example --to ross@homemail.example,ian.day@harbridge.example $DATA/pond.eml
