beadle check --roster $DATA/roster.toml --rules $RULES --protocol exmouth --body BINARYMIME --from clerk@harbridge.example --to ross@homemail.example $DATA/pond.eml
