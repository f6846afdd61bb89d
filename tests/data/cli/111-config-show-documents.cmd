beadle config show $DATA/documents-settings.toml | sed -n "/documents/,/^$/p"
