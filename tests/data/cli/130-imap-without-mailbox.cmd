sed "s,HERE,$DATA,; s,RULES,$RULES," $DATA/due.toml > b.toml && beadle imap audit --config b.toml 2>&1
