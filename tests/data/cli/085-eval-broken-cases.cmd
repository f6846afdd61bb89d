mkdir m && echo "{\"id\": 1}" > m/cases.jsonl && echo "no json" >> m/cases.jsonl && beadle eval --rules $DATA/parish m
