mkdir mail; cp $DATA/order.eml $DATA/pond.eml mail; beadle replay --eml mail --roster $DATA/roster.toml --rules $RULES --protocol exmouth | sed "s/rules.[0-9a-f]*$/rules/"
