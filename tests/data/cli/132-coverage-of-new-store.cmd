sed "s,HERE,$DATA,; s,RULES,$RULES," $DATA/imap.toml > b.toml && beadle coverage --config b.toml
