echo Dear all > letter; beadle replay judge --state letter
