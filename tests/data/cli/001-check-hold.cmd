beadle check --roster $DATA/roster.toml --rules $RULES --protocol exmouth --from ian.day@harbridge.example --to tully@fencing.example $DATA/order.eml
