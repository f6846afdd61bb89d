beadle config check $DATA/documents-settings.toml | sed "s/rules [0-9a-f]*$/rules .../"
