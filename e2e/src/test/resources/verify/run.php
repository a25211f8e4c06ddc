<?php
// php run.php SNIPPET CASES: a line "name verified new" for each case.
require $argv[1];
foreach (file($argv[2], FILE_IGNORE_NEW_LINES) as $line) {
    [$name, $id, $time, $signature, $body, $secret, $now] = explode("\t", $line);
    $headers = [];
    foreach (['webhook-id' => $id, 'webhook-timestamp' => $time, 'webhook-signature' => $signature] as $header => $cell) {
        if ($cell !== '-') {
            $headers[$header] = base64_decode($cell);
        }
    }
    $verified = verify($headers, base64_decode($body), base64_decode($secret), (int) base64_decode($now));
    $new = $verified && is_new($headers['webhook-id']);
    echo $name, ' ', var_export($verified, true), ' ', var_export($new, true), "\n";
}
