"""boto_up.py default|crt|awscrt URL FILE|DIR: Python's uploaders, each with its own defaults.

Knows nothing of Windlass; it is what ours is measured against. Keys and the certificate authority
(AWS_CA_BUNDLE) come from the environment.
"""
import os
import sys
from concurrent.futures import ThreadPoolExecutor

BUCKET = 'b'
REGION = 'us-east-1'


def files(path):
    """Each file with its key."""
    if not os.path.isdir(path):
        return [(path, 'boto')]
    return [(os.path.join(path, name), 'boto/' + name) for name in sorted(os.listdir(path))]


def default(url, path):
    """boto3's upload_file; ten at once for a folder, the usual pattern."""
    import boto3
    from botocore.config import Config
    client = boto3.client('s3', endpoint_url=url, config=Config(s3={'addressing_style': 'path'}))
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda one: client.upload_file(one[0], BUCKET, one[1]), files(path)))


def crt(url, path):
    """boto3's manager on the CRT. Made by hand: the way by TransferConfig forgets the server's address."""
    import botocore.session
    from botocore.config import Config
    from s3transfer.crt import (BotocoreCRTCredentialsWrapper, BotocoreCRTRequestSerializer, CRTTransferManager,
                                create_s3_crt_client)
    session = botocore.session.Session()
    config = Config(s3={'addressing_style': 'path'})
    serializer = BotocoreCRTRequestSerializer(
        session, {'region_name': REGION, 'endpoint_url': url, 'config': config})
    keys = BotocoreCRTCredentialsWrapper(session.get_credentials()).to_crt_credentials_provider()
    tls = url.startswith('https')
    client = create_s3_crt_client(region=REGION, crt_credentials_provider=keys, use_ssl=tls,
                                  verify=os.environ['AWS_CA_BUNDLE'] if tls else None)
    with CRTTransferManager(client, serializer) as manager:
        for upload in [manager.upload(file, BUCKET, key) for file, key in files(path)]:
            upload.result()


def awscrt(url, path):
    """The CRT's own S3 client, without boto3."""
    from awscrt.auth import AwsCredentialsProvider
    from awscrt.http import HttpHeaders, HttpRequest
    from awscrt.io import ClientBootstrap, ClientTlsContext, DefaultHostResolver, EventLoopGroup, TlsContextOptions
    from awscrt.s3 import (S3ChecksumAlgorithm, S3ChecksumConfig, S3ChecksumLocation, S3Client, S3RequestTlsMode,
                           S3RequestType, create_default_s3_signing_config)
    threads = EventLoopGroup()
    keys = AwsCredentialsProvider.new_static(
        os.environ['AWS_ACCESS_KEY_ID'], os.environ['AWS_SECRET_ACCESS_KEY'])
    scheme, host = url.split('://')
    mode, tls = S3RequestTlsMode.DISABLED, None
    if scheme == 'https':
        options = TlsContextOptions()
        options.override_default_trust_store_from_path(None, os.environ['AWS_CA_BUNDLE'])
        mode, tls = S3RequestTlsMode.ENABLED, ClientTlsContext(options).new_connection_options()
    client = S3Client(
        bootstrap=ClientBootstrap(threads, DefaultHostResolver(threads)), region=REGION, tls_mode=mode,
        tls_connection_options=tls, part_size=8 << 20,
        # what AWS's own tools set where they do not know the machine
        throughput_target_gbps=10.0,
        signing_config=create_default_s3_signing_config(region=REGION, credential_provider=keys))
    sums = S3ChecksumConfig(algorithm=S3ChecksumAlgorithm.CRC64NVME, location=S3ChecksumLocation.TRAILER)

    def begun(file, key):
        head = [('host', host), ('content-type', 'application/octet-stream'),
                ('content-length', str(os.path.getsize(file)))]
        request = HttpRequest('PUT', f'/{BUCKET}/{key}', HttpHeaders(head))
        return client.make_request(
            type=S3RequestType.PUT_OBJECT, request=request, send_filepath=file, checksum_config=sums)

    for upload in [begun(file, key) for file, key in files(path)]:
        upload.finished_future.result()


if __name__ == '__main__':
    kind, *rest = sys.argv[1:]
    {'default': default, 'crt': crt, 'awscrt': awscrt}[kind](*rest)
