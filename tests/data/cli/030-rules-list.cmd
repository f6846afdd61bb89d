beadle rules list --rules $RULES --protocol exmouth
