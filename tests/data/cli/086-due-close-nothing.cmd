sed "s,HERE,$DATA,; s,RULES,$RULES," $DATA/due.toml > b.toml && beadle due --config b.toml --close 01k4vwqf --reason x
