beadle check --roster $DATA/roster.toml --rules $RULES --protocol exmouth --fail-on hold --json --from clerk@harbridge.example --to ross@homemail.example $DATA/pond.eml >/dev/null
