beadle 
