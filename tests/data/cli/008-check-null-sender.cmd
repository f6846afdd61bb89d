beadle check --roster $DATA/roster.toml --rules $RULES --protocol exmouth --from "" --to ross@homemail.example $DATA/pond.eml
