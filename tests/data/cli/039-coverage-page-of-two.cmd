beadle rules coverage --rules $DATA/parish --own $DATA/ours.toml --html page.html; code=$?; ls; exit $code
