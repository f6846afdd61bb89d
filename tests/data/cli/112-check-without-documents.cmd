beadle check --config $DATA/documents-settings.toml --from clerk@harbridge.example --to pete@coalyard.example $DATA/valuation.eml
