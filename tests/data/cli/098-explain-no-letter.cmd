beadle explain --clause exmouth/correspondence-4 --roster $DATA/roster.toml --rules $RULES --from ian.day@harbridge.example --to tully@fencing.example $DATA/order.eml
