beadle check --roster $DATA/roster.toml --rules $DATA/parish --from clerk@harbridge.example --to ross@homemail.example $DATA/pond.eml
