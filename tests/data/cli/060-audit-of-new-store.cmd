beadle check --roster $DATA/roster.toml --rules $RULES --protocol exmouth --record r.db --from clerk@harbridge.example --to ian.day@harbridge.example $DATA/pond.eml && test -e r.db
