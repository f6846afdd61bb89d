sed "s,HERE,$DATA,; s,RULES,$RULES," $DATA/imap-review.toml > b.toml && beadle imap review --config b.toml 2>&1
