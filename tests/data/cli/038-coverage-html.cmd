beadle rules coverage --rules $DATA/parish --protocol parish --html - --date 2026-11-26 --contact "the clerk, clerk@harbridge.example"
