printf "From: a\n" | beadle show -
