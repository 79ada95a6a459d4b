# One line of JSON in, one out: {"pairs": 2} gives "9 euros".
pairs=$(sed 's/.*"pairs":\([0-9]*\).*/\1/')
echo "\"$((5 + pairs * 2)) euros\""
