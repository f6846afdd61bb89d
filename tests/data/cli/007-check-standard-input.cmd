cat $DATA/pond.eml | beadle check --roster $DATA/roster.toml --rules $RULES --protocol exmouth --from clerk@harbridge.example --to ross@homemail.example -
