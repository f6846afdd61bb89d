beadle check --roster $DATA/roster.toml --rules $RULES --protocol exmouth --from clerk@harbridge.example --to ian.day@harbridge.example --to pete@coalyard.example $DATA/valuation.eml
