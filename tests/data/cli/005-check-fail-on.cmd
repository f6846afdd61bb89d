beadle check --roster $DATA/roster.toml --rules $RULES --protocol exmouth --fail-on hold --json --from ian.day@harbridge.example --to tully@fencing.example $DATA/order.eml >/dev/null
